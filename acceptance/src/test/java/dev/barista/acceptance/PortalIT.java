package dev.barista.acceptance;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The web page in a real browser: deploy from an image, invoke, delete, as the seeds do it. */
@ExtendWith(SharedBarista.class)
class PortalIT {

  private static final String SHA512_OF_HELLO =
      "9b71d224bd62f3785d96d46ad3ea3d73319bfbc2890caadae2dff72519673ca7";

  private final Barista barista;

  PortalIT(Barista barista) {
    this.barista = barista;
  }

  private static void deploy(Page page, String name, String process) {
    page.click("#show-deploy");
    page.fill("#deploy-image", "functions/alpine:latest");
    page.fill("#deploy-name", name);
    page.fill("#deploy-process", process);
    page.click("#deploy button[type=submit]");
  }

  @Test
  void deploys_invokes_deletes() {
    Path chromium = Tools.require("chromium");
    PlaywrightAssertions.setDefaultAssertionTimeout(Patience.MILLIS);
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
      page.setDefaultTimeout(Patience.MILLIS);
      page.navigate(barista.url() + "/");
      assertThat(page.locator("#functions")).containsText("float-operation");

      deploy(page, "by-page", "sha512sum");
      assertThat(page.locator("#name")).hasText("by-page");
      assertThat(page.locator("#ready")).hasText("1");

      page.fill("#body", "hello");
      page.click("#invoke button[type=submit]");
      assertThat(page.locator("#answer")).containsText(SHA512_OF_HELLO);
      assertThat(page.locator("#status")).containsText("200");
      assertThat(page.locator("#count")).hasText("1");

      page.click("#delete");
      page.click("#delete-form button[type=submit]");
      assertThat(page.locator("#functions")).not().containsText("by-page");
      assertThat(page.locator("#functions")).containsText("float-operation");
    }
  }
}
