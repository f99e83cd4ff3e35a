package dev.barista.provider.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.barista.api.ErrorCode;
import dev.barista.api.FunctionName;
import dev.barista.provider.spi.LogLine;
import dev.barista.provider.spi.LogQuery;
import dev.barista.provider.spi.LogStream;
import dev.barista.provider.spi.ProviderEvent.ReplicaReady;
import dev.barista.provider.spi.ProviderEvent.StartFailed;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** The part of the contract on what replicas wrote. */
abstract class LogContract extends ProviderFixture {

  /**
   * Replicas may write more than a test has them say, and a place of execution that outlives a test
   * may still have what those of another said.
   */
  private final String said = "said in " + UUID.randomUUID() + ": ";

  private final List<LogStream> streams = new ArrayList<>();

  private void says(ReplicaReady replica, String text) throws Exception {
    say(provider, replica, said + text);
  }

  private boolean isSaid(LogLine line) {
    return line.text().startsWith(said);
  }

  private List<LogLine> read(LogQuery query) throws InterruptedException {
    List<LogLine> all = new ArrayList<>();
    try (LogStream stream = provider.logs(query)) {
      for (List<LogLine> lines = stream.next(); !lines.isEmpty(); lines = stream.next()) {
        all.addAll(lines);
      }
    }
    return all;
  }

  /** What was said, once as much of it is there: it takes its way from the replica. */
  private List<LogLine> awaitSaid(LogQuery query, int count) throws InterruptedException {
    List<LogLine> found = new ArrayList<>();
    try (LogStream stream = provider.logs(query.following())) {
      while (found.size() < count) {
        stream.next().stream().filter(this::isSaid).forEach(found::add);
      }
    }
    return found;
  }

  private List<String> texts(List<LogLine> lines) {
    return lines.stream()
        .filter(this::isSaid)
        .map(line -> line.text().substring(said.length()))
        .toList();
  }

  private List<ReplicaReady> deployTwo() throws Exception {
    provider.deploy(working(ONE));
    provider.scale(ONE, 2);
    listener.awaitReplicas(ONE, 2);
    return listener.ready(ONE);
  }

  @Test
  final void logs_ofAnUnknownFunction_areRefused() throws Exception {
    assertRefused(() -> provider.logs(LogQuery.all(ONE)), ErrorCode.FUNCTION_NOT_FOUND);
    assertRefused(() -> provider.logs(LogQuery.all(ONE).following()), ErrorCode.FUNCTION_NOT_FOUND);
  }

  @Test
  final void lines_comeByTime_withTheirReplicas() throws Exception {
    List<ReplicaReady> replicas = deployTwo();
    says(replicas.getFirst(), "one");
    awaitSaid(LogQuery.all(ONE), 1);
    says(replicas.getLast(), "two, ünïcode");
    awaitSaid(LogQuery.all(ONE), 2);
    says(replicas.getFirst(), "three");
    awaitSaid(LogQuery.all(ONE), 3);

    List<LogLine> lines = read(LogQuery.all(ONE)).stream().filter(this::isSaid).toList();

    assertThat(texts(lines)).containsExactly("one", "two, ünïcode", "three");
    assertThat(lines)
        .extracting(LogLine::replica)
        .containsExactly(
            replicas.getFirst().replica(),
            replicas.getLast().replica(),
            replicas.getFirst().replica());
    assertThat(lines).extracting(LogLine::time).isSorted();
  }

  @Test
  final void oneReplicasLines_areWithoutTheOthers() throws Exception {
    List<ReplicaReady> replicas = deployTwo();
    says(replicas.getFirst(), "one");
    says(replicas.getLast(), "two");
    awaitSaid(LogQuery.all(ONE), 2);

    LogQuery query = LogQuery.all(ONE).withReplica(replicas.getLast().replica());

    assertThat(texts(read(query))).containsExactly("two");
  }

  @Test
  final void tail_isTheNewestOfAllReplicasTogether() throws Exception {
    List<ReplicaReady> replicas = deployTwo();
    for (int i = 1; i <= 3; i++) {
      says(replicas.getFirst(), "a" + i);
      awaitSaid(LogQuery.all(ONE), 2 * i - 1);
      says(replicas.getLast(), "b" + i);
      awaitSaid(LogQuery.all(ONE), 2 * i);
    }

    assertThat(texts(read(LogQuery.all(ONE).withTail(3)))).containsExactly("b2", "a3", "b3");
    assertThat(read(LogQuery.all(ONE).withTail(0))).isEmpty();
    assertThat(texts(read(LogQuery.all(ONE).withTail(1_000_000)))).hasSize(6);
  }

  @Test
  final void since_leavesOutWhatIsOlder() throws Exception {
    List<ReplicaReady> replicas = deployTwo();
    says(replicas.getFirst(), "one");
    awaitSaid(LogQuery.all(ONE), 1);
    says(replicas.getLast(), "two");
    LogLine second = awaitSaid(LogQuery.all(ONE), 2).getLast();

    assertThat(texts(read(LogQuery.all(ONE).withSince(second.time())))).containsExactly("two");
    assertThat(read(LogQuery.all(ONE).withSince(second.time().plusSeconds(1)))).isEmpty();
  }

  @Test
  final void follower_getsLinesAsTheyCome_alsoOfNewReplicas() throws Exception {
    provider.deploy(working(ONE));
    listener.awaitReplicas(ONE, 1);
    says(listener.ready(ONE).getFirst(), "before");
    awaitSaid(LogQuery.all(ONE), 1);
    try (LogStream stream = provider.logs(LogQuery.all(ONE).withTail(1).following())) {
      assertThat(texts(stream.next())).containsExactly("before");

      provider.scale(ONE, 2);
      listener.awaitReplicas(ONE, 2);
      says(listener.ready(ONE).getLast(), "after");

      List<String> followed = new ArrayList<>();
      while (followed.isEmpty()) {
        followed.addAll(texts(stream.next()));
      }
      assertThat(followed).containsExactly("after");
    }
  }

  @Test
  final void crashedAndGoneReplicas_keepTheirLines() throws Exception {
    provider.deploy(working(ONE));
    listener.awaitReplicas(ONE, 1);
    ReplicaReady replica = listener.ready(ONE).getFirst();
    says(replica, "before the crash");
    awaitSaid(LogQuery.all(ONE), 1);
    crash(provider, replica);
    listener.await(() -> gone(ONE).size() == 1, "ReplicaGone");

    assertThat(texts(read(LogQuery.all(ONE)))).containsExactly("before the crash");

    provider.scale(ONE, 0);
    listener.await(() -> listener.present(ONE) == 0, "no replica");
    assertThat(texts(read(LogQuery.all(ONE)))).containsExactly("before the crash");
  }

  @Test
  final void replicasThatNeverWereReady_haveTheirLastWordsThere() throws Exception {
    provider.deploy(failing(ONE));
    listener.await(() -> !listener.events(ONE, StartFailed.class).isEmpty(), "StartFailed");

    assertThat(read(LogQuery.all(ONE))).extracting(LogLine::text).contains(LAST_WORDS);
  }

  /** Follows until the end, and tells when it waits. */
  private CompletableFuture<List<LogLine>> follow(FunctionName name, CountDownLatch began)
      throws Exception {
    LogStream stream = provider.logs(LogQuery.all(name).following());
    streams.add(stream);
    CompletableFuture<List<LogLine>> all = new CompletableFuture<>();
    Thread.ofPlatform()
        .name("follower")
        .start(
            () -> {
              List<LogLine> lines = new ArrayList<>();
              try {
                for (var more = stream.next(); !more.isEmpty(); more = stream.next()) {
                  lines.addAll(more);
                  began.countDown();
                }
                all.complete(lines);
              } catch (InterruptedException e) {
                all.completeExceptionally(e);
              }
            });
    return all;
  }

  private CompletableFuture<List<LogLine>> followerOfOneLine() throws Exception {
    provider.deploy(working(ONE));
    listener.awaitReplicas(ONE, 1);
    says(listener.ready(ONE).getFirst(), "one");
    CountDownLatch began = new CountDownLatch(1);
    CompletableFuture<List<LogLine>> follower = follow(ONE, began);
    began.await();
    return follower;
  }

  @Test
  final void follower_endsWhenItIsClosed() throws Exception {
    CompletableFuture<List<LogLine>> follower = followerOfOneLine();

    streams.getFirst().close();
    streams.getFirst().close();

    assertThat(follower.join()).isNotEmpty();
  }

  @Test
  final void follower_endsWithItsFunction() throws Exception {
    CompletableFuture<List<LogLine>> follower = followerOfOneLine();

    provider.delete(ONE);

    assertThat(follower.join()).isNotEmpty();
    assertRefused(() -> provider.logs(LogQuery.all(ONE)), ErrorCode.FUNCTION_NOT_FOUND);
  }

  @Test
  final void follower_endsWithTheProvider() throws Exception {
    CompletableFuture<List<LogLine>> follower = followerOfOneLine();

    provider.close();

    assertThat(follower.join()).isNotEmpty();
  }

  @Test
  final void deletedFunctionsLines_areNotThoseOfItsSuccessor() throws Exception {
    provider.deploy(working(ONE));
    listener.awaitReplicas(ONE, 1);
    says(listener.ready(ONE).getFirst(), "one");
    awaitSaid(LogQuery.all(ONE), 1);
    provider.delete(ONE);
    listener.await(() -> listener.present(ONE) == 0, "no replica");

    provider.deploy(working(ONE));
    listener.awaitReplicas(ONE, 1);

    assertThat(texts(read(LogQuery.all(ONE)))).isEmpty();
  }
}
