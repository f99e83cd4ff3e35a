package dev.barista.acceptance;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The web page in a real browser: deploy from an image, invoke, delete, as the seeds do it. */
@ExtendWith(SharedBarista.class)
class PortalIT {

  private final Barista barista;

  PortalIT(Barista barista) {
    this.barista = barista;
  }

  @Test
  void deploys_invokes_deletes() {
    Path chromium = Tools.require("chromium");
    Map<String, String> environment = Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    try (Playwright playwright =
            Playwright.create(new Playwright.CreateOptions().setEnv(environment));
        Browser browser =
            playwright
                .chromium()
                .launch(
                    new BrowserType.LaunchOptions()
                        .setExecutablePath(chromium)
                        .setArgs(
                            List.of(
                                "--no-sandbox",
                                "--disable-gpu",
                                "--disable-background-networking")));
        BrowserContext context =
            browser.newContext(
                new Browser.NewContextOptions().setHttpCredentials("admin", barista.password()))) {
      Page page = context.newPage();
      page.navigate(barista.url() + "/");

      assertThat(page.getByText("float-operation").first()).isVisible();
    }
  }
}
