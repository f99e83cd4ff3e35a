package com.openfaas.function;

import com.openfaas.model.AbstractHandler;
import com.openfaas.model.IRequest;
import com.openfaas.model.IResponse;
import com.openfaas.model.Response;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.ExecutionException;

/**
 * Calculates and sleeps as its query asks: {@code in}, the prime is looked for below it; {@code
 * nap}, seconds, at most 10; {@code processes}, threads for pi.
 */
public final class Handler extends AbstractHandler {

  private static final int HIGHEST_IN = 50_000_000;
  private static final int LONGEST_NAP = 10;
  private static final int MOST_PROCESSES = 100_000;

  @Override
  public IResponse Handle(IRequest request) {
    Response response = new Response();
    response.setContentType("text/plain; charset=utf-8");
    try {
      response.setBody(answer(request));
    } catch (IllegalArgumentException e) {
      response.setStatusCode(400);
      response.setBody(e.getMessage() + "\n");
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
    return response;
  }

  private static String answer(IRequest request) throws InterruptedException, ExecutionException {
    int in = parameter(request, "in", HIGHEST_IN);
    int nap = parameter(request, "nap", LONGEST_NAP);
    int processes = parameter(request, "processes", MOST_PROCESSES);

    int prime = Work.highestPrimeBelow(in);
    Thread.sleep(Duration.ofSeconds(nap));
    double pi = Work.pi(processes);
    return Banner.TEXT
        + String.format(
            Locale.ROOT,
            """


            Method A calculated the highest prime below %d as %d
            Method B napped for %d seconds
            Method C calculated pi as %f using %d processes
            """,
            in,
            prime,
            nap,
            pi,
            processes);
  }

  private static int parameter(IRequest request, String name, int highest) {
    String text = request.getQuery().getOrDefault(name, "0");
    try {
      int value = Integer.parseInt(text);
      if (value >= 0 && value <= highest) {
        return value;
      }
    } catch (NumberFormatException e) {
      // told below, together with a number out of range
    }
    throw new IllegalArgumentException(name + ": " + text + " (expected: 0 to " + highest + ")");
  }
}
