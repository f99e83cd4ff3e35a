package dev.barista.provider.spi;

import dev.barista.api.FaasException;
import dev.barista.api.FunctionName;
import dev.barista.api.FunctionSpec;
import dev.barista.api.FunctionStatus;
import dev.barista.api.SecretName;
import java.util.List;
import java.util.Optional;

/**
 * The place where functions run: processes of this host, containers, Pods, a remote program. It
 * keeps the desired state, moves the real state towards it, and tells every step as a {@link
 * ProviderEvent}.
 *
 * <p>Thread-safe. Methods may block, but not for a replica to become ready: a mutation returns when
 * the desired state is durable, and the events tell the rest. Every refusal is a {@link
 * FaasException} classified by the provider. {@code FunctionProviderContract} in the testkit is the
 * executable form of this page; every implementation passes it.
 */
public interface FunctionProvider extends AutoCloseable {

  ProviderInfo info();

  /**
   * Brings back what was deployed, tells it all to {@code listener}, and keeps telling. Called
   * once, before anything else. Does not wait for replicas to become ready.
   */
  void start(ProviderListener listener);

  /**
   * Deploys a new function. Starts with {@code com.openfaas.scale.min} replicas (default 1).
   *
   * @throws FaasException {@code FUNCTION_EXISTS}, {@code IMAGE_INVALID}, {@code BAD_REQUEST}, also
   *     for a secret of its namespace that doesn't exist
   */
  void deploy(FunctionSpec spec);

  /**
   * Replaces a function's spec without a failed call: new replicas are ready before old ones drain.
   * Also with an equal spec, since its image may have been built again. While the new ones can't
   * become ready the old ones go on serving. The desired count stays, but is set to {@code
   * com.openfaas.scale.min} where that label is given.
   *
   * @throws FaasException {@code FUNCTION_NOT_FOUND}, {@code IMAGE_INVALID}, {@code BAD_REQUEST}
   */
  void update(FunctionSpec spec);

  /**
   * Forgets a function and drains its replicas.
   *
   * @throws FaasException {@code FUNCTION_NOT_FOUND}
   */
  void delete(FunctionName name);

  /**
   * Sets the desired count; 0 is allowed. Surplus replicas drain.
   *
   * @throws FaasException {@code FUNCTION_NOT_FOUND}, {@code BAD_REQUEST} for a negative count
   */
  void scale(FunctionName name, int replicas);

  /**
   * Sets the desired count of a function that is at zero. Does nothing for one that isn't: whoever
   * wakes it for a call must not undo what somebody else has just asked for.
   *
   * @param replicas 1 or more
   * @throws FaasException {@code FUNCTION_NOT_FOUND}
   */
  void wake(FunctionName name, int replicas);

  Optional<FunctionStatus> status(FunctionName name);

  /** Functions of one namespace, by name. Empty for an unknown namespace. */
  List<FunctionStatus> list(String namespace);

  /**
   * What the replicas of a function use, those that are starting, draining or ending too. A replica
   * that has no process now, or of which nothing can be measured, is left out; so an unknown
   * function has none. Never waits for another call: it may be asked each second.
   */
  List<ReplicaUsage> usage(FunctionName name);

  /** Names of the secrets of one namespace, in order. */
  List<String> secrets(String namespace);

  /**
   * Keeps a secret. A function that names it finds its value, read only, in the file {@code
   * /var/openfaas/secrets/NAME}; where the place of execution can't give it there, {@link #status}
   * tells where it is.
   *
   * @throws FaasException {@code SECRET_EXISTS}, {@code NOT_SUPPORTED}
   */
  void createSecret(SecretName name, byte[] value);

  /**
   * Replaces a value. Replicas that are started from now on have the new one; {@link #update} makes
   * all of a function new.
   *
   * @throws FaasException {@code SECRET_NOT_FOUND}, {@code NOT_SUPPORTED}
   */
  void updateSecret(SecretName name, byte[] value);

  /**
   * Forgets a secret that no function names.
   *
   * @throws FaasException {@code SECRET_NOT_FOUND}, {@code SECRET_IN_USE} naming a function, {@code
   *     NOT_SUPPORTED}
   */
  void deleteSecret(SecretName name);

  /**
   * What a function's replicas wrote, also those that have crashed or are gone, as far as it is
   * kept. Ends with the function; a stream that isn't read to its end is closed by the caller.
   *
   * @throws FaasException {@code FUNCTION_NOT_FOUND}, {@code NOT_SUPPORTED}
   */
  LogStream logs(LogQuery query);

  /**
   * Ends every replica and frees what the provider holds; the desired state stays. Callers have
   * stopped sending calls before. Idempotent.
   */
  @Override
  void close();
}
