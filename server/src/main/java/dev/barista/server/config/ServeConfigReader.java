package dev.barista.server.config;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes the configuration of {@code serve} from its settings, and checks what goes together. */
public final class ServeConfigReader {

  private static final long SMALLEST_LOG = 1_024;

  private final Settings settings;

  private ServeConfigReader(Settings settings) {
    this.settings = settings;
  }

  /**
   * @param arguments of the command line, after {@code serve}
   * @throws ConfigException with every fault
   */
  public static ServeConfig read(List<String> arguments, Map<String, String> environment) {
    Settings settings = Settings.read(arguments, environment);
    ServeConfigReader reader = new ServeConfigReader(settings);
    Optional<InetAddress> address = ListenerSettings.address(settings);
    address.ifPresent(given -> AdminSettings.checkOpen(settings, given));
    ListenerSettings.checkPorts(settings);
    StackSettings.checkFile(settings);
    reader.checkAll();
    settings.throwIfFaulty();
    return reader.config(address.orElseThrow());
  }

  private ServeConfig config(InetAddress address) {
    return new ServeConfig(
        settings.value(ServeSettings.DATA),
        ListenerSettings.listener(settings, address),
        ListenerSettings.metricsListener(settings, address),
        AdminSettings.admin(settings),
        FunctionSettings.functions(settings),
        ScalingSettings.scaling(settings),
        ImageSettings.images(settings),
        ReplicaSettings.replicas(settings),
        StackSettings.with(settings),
        settings.value(ServeSettings.DRAIN_TIMEOUT),
        new ServeConfig.Log(
            settings.value(ServeSettings.LOG_FORMAT), settings.value(ServeSettings.LOG_LEVEL)));
  }

  private void checkAll() {
    ServeSettings.GROUPS.values().forEach(group -> group.forEach(settings::given));
    checkInt(FunctionSettings.MAX_SYSTEM_BODY);
    checkInt(ListenerSettings.MAX_HEADER_BYTES);
    checkInt(ListenerSettings.MAX_TARGET_BYTES);
    checkLog(ReplicaSettings.MAX_REPLICA_LOG);
    checkLog(ReplicaSettings.MAX_FUNCTION_LOG);
    FunctionSettings.checkHold(settings);
  }

  private void checkInt(Setting<Long> setting) {
    if (settings.value(setting) > Integer.MAX_VALUE / 2 || settings.value(setting) < 256) {
      settings.fault(
          setting.option()
              + ": \""
              + settings.value(setting)
              + "\" (expected: 256 bytes to 1 GiB)");
    }
  }

  private void checkLog(Setting<Long> setting) {
    if (settings.value(setting) < SMALLEST_LOG) {
      settings.fault(
          setting.option() + ": \"" + settings.value(setting) + "\" (expected: at least 1Ki)");
    }
  }
}
