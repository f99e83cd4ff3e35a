package dev.barista.provider.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barista.api.ErrorCode;
import dev.barista.api.FunctionName;
import dev.barista.api.FunctionSpec;
import dev.barista.api.SecretName;
import dev.barista.provider.spi.ProviderEvent.ReplicaGone;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The part of the contract on secrets. */
abstract class SecretContract extends LogContract {

  private static final SecretName TOKEN =
      new SecretName("api-token", FunctionName.DEFAULT_NAMESPACE);
  private static final SecretName ELSEWHERE = new SecretName("api-token", "elsewhere");

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private FunctionSpec withToken(FunctionName name) throws Exception {
    FunctionSpec spec = working(name);
    return new FunctionSpec(
        spec.name(),
        spec.image(),
        spec.envProcess(),
        spec.environment(),
        spec.constraints(),
        List.of(TOKEN.name()),
        spec.labels(),
        spec.annotations(),
        spec.limits(),
        spec.requests(),
        spec.readOnlyRootFilesystem());
  }

  private String tokenInReplica() throws Exception {
    return readSecret(provider, listener.ready(ONE).getFirst(), TOKEN.name());
  }

  @Test
  final void secrets_areListedByNamespace() throws Exception {
    provider.createSecret(TOKEN, bytes("a"));
    provider.createSecret(new SecretName("another", TOKEN.namespace()), bytes("b"));
    provider.createSecret(ELSEWHERE, bytes("c"));

    assertThat(provider.secrets(TOKEN.namespace())).containsExactly("another", "api-token");
    assertThat(provider.secrets("elsewhere")).containsExactly("api-token");
    assertThat(provider.secrets("nowhere")).isEmpty();
  }

  @Test
  final void secrets_areCreatedOnce_andChangedWhenTheyAreThere() throws Exception {
    assertRefused(() -> provider.updateSecret(TOKEN, bytes("a")), ErrorCode.SECRET_NOT_FOUND);
    assertRefused(() -> provider.deleteSecret(TOKEN), ErrorCode.SECRET_NOT_FOUND);
    provider.createSecret(TOKEN, bytes("a"));
    assertRefused(() -> provider.createSecret(TOKEN, bytes("b")), ErrorCode.SECRET_EXISTS);

    provider.updateSecret(TOKEN, bytes("c"));
    provider.deleteSecret(TOKEN);

    assertThat(provider.secrets(TOKEN.namespace())).isEmpty();
  }

  @Test
  final void functionWithAMissingSecret_isRefusedByItsName() throws Exception {
    provider.createSecret(ELSEWHERE, bytes("of another namespace"));

    assertRefused(() -> provider.deploy(withToken(ONE)), ErrorCode.BAD_REQUEST);
    assertThatThrownBy(() -> provider.deploy(withToken(ONE))).hasMessageContaining("api-token");
    assertNothingDeployed();

    provider.deploy(working(ONE));
    assertRefused(() -> provider.update(withToken(ONE)), ErrorCode.BAD_REQUEST);
    assertThat(provider.status(ONE).orElseThrow().spec()).isEqualTo(working(ONE));
  }

  @Test
  final void functionWithASecret_readsItsValue_andANewOneAfterAnUpdate() throws Exception {
    String value = "line one\nünïcode\0binary\n";
    provider.createSecret(TOKEN, bytes(value));
    provider.createSecret(ELSEWHERE, bytes("of another namespace"));
    provider.deploy(withToken(ONE));
    listener.awaitReplicas(ONE, 1);
    assertThat(tokenInReplica()).isEqualTo(value);

    provider.updateSecret(TOKEN, bytes("new"));
    provider.update(withToken(ONE));

    listener.await(
        () -> listener.events(ONE, ReplicaGone.class).size() == 1, "the old replica's end");
    listener.awaitReplicas(ONE, 1);
    assertThat(tokenInReplica()).isEqualTo("new");
  }

  @Test
  final void secretInUse_isNotDeleted_untilItsFunctionIs() throws Exception {
    provider.createSecret(TOKEN, bytes("a"));
    provider.createSecret(ELSEWHERE, bytes("b"));
    provider.deploy(withToken(ONE));

    assertRefused(() -> provider.deleteSecret(TOKEN), ErrorCode.SECRET_IN_USE);
    assertThatThrownBy(() -> provider.deleteSecret(TOKEN)).hasMessageContaining(ONE.toString());
    provider.deleteSecret(ELSEWHERE);

    provider.delete(ONE);
    provider.deleteSecret(TOKEN);
    assertThat(provider.secrets(TOKEN.namespace())).isEmpty();
  }
}
