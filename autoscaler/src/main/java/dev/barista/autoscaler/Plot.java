package dev.barista.autoscaler;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Replicas and load over time, as a picture (SVG 1.1) that needs nothing else. */
public final class Plot {

  private static final int WIDTH = 860;
  private static final int HEIGHT = 320;
  private static final int LEFT = 50;
  private static final int RIGHT = 50;
  private static final int TOP = 40;
  private static final int BOTTOM = 40;
  private static final int MOST_TICKS = 6;

  private static final String LOAD = "#c8641e";
  private static final String DESIRED = "#1f5fa8";
  private static final String READY = "#8fb6de";

  private final List<Simulation.Step> steps;
  private final double seconds;
  private final double mostReplicas;
  private final double mostLoad;
  private final boolean byRate;

  private Plot(List<Simulation.Step> steps) {
    this.steps = steps;
    this.seconds = Math.max(1, steps.getLast().row().second() - start());
    this.mostReplicas = most(step -> Math.max(step.desired(), step.ready()));
    this.byRate = steps.stream().allMatch(step -> step.row().concurrency() == 0);
    this.mostLoad = most(this::load);
  }

  /**
   * @param steps at least one
   * @param title shown above, escaped
   */
  public static String svg(List<Simulation.Step> steps, String title) {
    return new Plot(steps).draw(title);
  }

  private long start() {
    return steps.getFirst().row().second();
  }

  private double load(Simulation.Step step) {
    return byRate ? step.row().rps() : step.row().concurrency();
  }

  private double most(ToDoubleFunction<Simulation.Step> value) {
    return nice(steps.stream().mapToDouble(value).max().orElse(1));
  }

  /** The next number that reads well: 1, 2, 5, 10, 20, 50 … */
  private static double nice(double value) {
    double step = Math.pow(10, Math.floor(Math.log10(Math.max(1, value))));
    for (double factor : new double[] {1, 2, 5, 10}) {
      if (factor * step >= value) {
        return factor * step;
      }
    }
    return value;
  }

  private String draw(String title) {
    StringBuilder svg = new StringBuilder(8192);
    svg.append(
        String.format(
            Locale.ROOT,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d"
                + " %d\" font-family=\"sans-serif\" font-size=\"12\">\n",
            WIDTH,
            HEIGHT,
            WIDTH,
            HEIGHT));
    svg.append("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n");
    text(svg, LEFT, 20, "start", "#222222", escaped(title));
    axes(svg);
    line(svg, LOAD, 1.5, "", this::load, mostLoad);
    line(svg, READY, 2, " stroke-dasharray=\"4 3\"", Simulation.Step::ready, mostReplicas);
    line(svg, DESIRED, 2, "", Simulation.Step::desired, mostReplicas);
    legend(svg);
    return svg.append("</svg>\n").toString();
  }

  private void axes(StringBuilder svg) {
    int floor = HEIGHT - BOTTOM;
    for (int i = 0; i <= MOST_TICKS; i++) {
      double x = LEFT + (WIDTH - LEFT - RIGHT) * i / (double) MOST_TICKS;
      text(
          svg,
          x,
          floor + 16,
          "middle",
          "#555555",
          String.format(Locale.ROOT, "%.0f s", seconds * i / MOST_TICKS));
    }
    for (int i = 0; i <= 4; i++) {
      double y = floor - (floor - TOP) * i / 4.0;
      svg.append(
          String.format(
              Locale.ROOT,
              "<line x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\" stroke=\"#dddddd\"/>\n",
              LEFT,
              y,
              WIDTH - RIGHT,
              y));
      text(svg, LEFT - 6, y + 4, "end", DESIRED, number(mostReplicas * i / 4));
      text(svg, WIDTH - RIGHT + 6, y + 4, "start", LOAD, number(mostLoad * i / 4));
    }
  }

  private void line(
      StringBuilder svg,
      String colour,
      double width,
      String more,
      ToDoubleFunction<Simulation.Step> value,
      double most) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<path fill=\"none\" stroke=\"%s\" stroke-width=\"%.1f\"%s d=\"",
            colour,
            width,
            more));
    double before = Double.NaN;
    for (int i = 0; i < steps.size(); i++) {
      double at = value.applyAsDouble(steps.get(i));
      boolean last = i == steps.size() - 1;
      if (at == before && !last) {
        continue;
      }
      double x = LEFT + (WIDTH - LEFT - RIGHT) * (steps.get(i).row().second() - start()) / seconds;
      double y = HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * at / most;
      svg.append(
          Double.isNaN(before)
              ? String.format(Locale.ROOT, "M%.1f %.1f", x, y)
              : String.format(Locale.ROOT, " H%.1f V%.1f", x, y));
      before = at;
    }
    svg.append("\"/>\n");
  }

  private void legend(StringBuilder svg) {
    text(svg, WIDTH - 330, 20, "start", DESIRED, "replicas decided");
    text(svg, WIDTH - 220, 20, "start", READY, "replicas ready");
    text(svg, WIDTH - 120, 20, "start", LOAD, byRate ? "calls a second" : "concurrency");
  }

  private static void text(
      StringBuilder svg, double x, double y, String anchor, String colour, String text) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" fill=\"%s\">%s</text>\n",
            x,
            y,
            anchor,
            colour,
            text));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, value == Math.rint(value) ? "%.0f" : "%.1f", value);
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
