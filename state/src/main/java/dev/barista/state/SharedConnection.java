package dev.barista.state;

import dev.barista.api.ErrorCode;
import dev.barista.api.FaasException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.locks.ReentrantLock;

/** The one connection of a database: one reader or writer at a time. Thread-safe. */
final class SharedConnection {

  /** What is done with the connection. */
  @FunctionalInterface
  interface Work<T> {
    T with(Connection connection) throws SQLException;
  }

  /** Guards the connection: one statement, one transaction at a time. */
  private final ReentrantLock lock = new ReentrantLock();

  private final Connection connection;

  SharedConnection(Connection connection) {
    this.connection = connection;
  }

  /**
   * @param failure what the user is told when it fails: "the functions could not be read"
   */
  <T> T read(String failure, Work<T> work) {
    lock.lock();
    try {
      return work.with(connection);
    } catch (SQLException e) {
      throw failed(failure, e);
    } finally {
      lock.unlock();
    }
  }

  /** All of {@code work} or nothing; durable when this returns. */
  <T> T write(String failure, Work<T> work) {
    lock.lock();
    try {
      connection.setAutoCommit(false);
      try {
        T result = work.with(connection);
        connection.commit();
        return result;
      } catch (SQLException | RuntimeException e) {
        connection.rollback();
        throw e;
      } finally {
        connection.setAutoCommit(true);
      }
    } catch (SQLException e) {
      throw failed(failure, e);
    } finally {
      lock.unlock();
    }
  }

  void close() {
    lock.lock();
    try {
      connection.close();
    } catch (SQLException e) {
      throw new StateException("the state could not be closed: " + e.getMessage(), e);
    } finally {
      lock.unlock();
    }
  }

  private static FaasException failed(String what, SQLException cause) {
    return new FaasException(
        ErrorCode.INTERNAL,
        "state",
        what + ": the disk of the data folder refused it",
        "--data",
        cause);
  }
}
