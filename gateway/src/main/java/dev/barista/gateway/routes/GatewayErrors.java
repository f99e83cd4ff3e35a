package dev.barista.gateway.routes;

import dev.barista.api.ErrorCode;
import dev.barista.api.FaasException;
import dev.barista.gateway.errors.ErrorAnswers;
import dev.barista.http.Answer;
import dev.barista.http.ErrorMapper;
import dev.barista.http.HttpException;
import dev.barista.http.RequestHead;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Every failure as the client sees it. A failure that nobody classified is a 500 that tells the
 * call id and nothing else; its cause is in the log under that id.
 */
public final class GatewayErrors implements ErrorMapper {

  private static final System.Logger LOG = System.getLogger(GatewayErrors.class.getName());

  private final ErrorAnswers answers;
  private final Map<String, String> settingNames;

  /**
   * @param settingNames fields of the listener's configuration, such as {@code maxBodyBytes}, and
   *     the options that set them
   */
  public GatewayErrors(ErrorAnswers answers, Map<String, String> settingNames) {
    this.answers = answers;
    this.settingNames = Map.copyOf(settingNames);
  }

  @Override
  public Answer answer(@Nullable RequestHead head, String callId, Throwable failure) {
    return answers.answer(head, callId, classified(head, callId, failure));
  }

  private FaasException classified(@Nullable RequestHead head, String callId, Throwable failure) {
    return switch (failure) {
      case FaasException known -> logged(head, callId, known);
      case HttpException refusal -> named(ErrorAnswers.classified(refusal));
      default -> {
        FaasException unknown =
            new FaasException(
                ErrorCode.INTERNAL,
                "gateway",
                "the gateway failed; its log has the cause under call id " + callId,
                null,
                failure);
        yield logged(head, callId, unknown);
      }
    };
  }

  private static FaasException logged(
      @Nullable RequestHead head, String callId, FaasException failure) {
    System.Logger.Level level =
        failure.code() == ErrorCode.INTERNAL
            ? System.Logger.Level.ERROR
            : System.Logger.Level.DEBUG;
    if (LOG.isLoggable(level)) {
      LOG.log(level, head + " failed, call id " + callId + ": " + failure.getMessage(), failure);
    }
    return failure;
  }

  private FaasException named(FaasException refusal) {
    String option = refusal.setting().map(settingNames::get).orElse(null);
    return new FaasException(
        refusal.code(), refusal.component(), refusal.getMessage(), option, refusal.getCause());
  }
}
