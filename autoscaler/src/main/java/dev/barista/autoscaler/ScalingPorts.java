package dev.barista.autoscaler;

/** What the loop needs of the rest of the platform. */
public record ScalingPorts(
    FunctionLoads loads, ReplicaScaler replicas, CpuMeter cpu, PendingCalls pending) {}
