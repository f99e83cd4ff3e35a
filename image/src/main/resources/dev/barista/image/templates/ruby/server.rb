# frozen_string_literal: true

require 'socket'
require_relative 'wire'

module Barista
  # Listens on BARISTA_SOCKET or PORT, a thread per connection, until SIGTERM.
  class Server
    BACKLOG = 1024

    def initialize(respond)
      @respond = respond
      @busy = 0
      @lock = Mutex.new # guards @busy
    end

    # Returns after SIGTERM, when the running calls have ended or taken too long.
    def run
      listener = listen
      stop, stopper = IO.pipe
      Signal.trap('TERM') { stopper.write_nonblock('x') rescue nil }
      loop do
        ready, = IO.select([listener, stop])
        break if ready.include?(stop)

        socket = listener.accept
        socket.setsockopt(Socket::IPPROTO_TCP, Socket::TCP_NODELAY, 1) if socket.is_a?(TCPSocket)
        Thread.new { connection(socket) }
      end
      listener.close
      drain
      exit!(0)
    end

    private

    def listen
      path = ENV['BARISTA_SOCKET'].to_s
      if path.empty?
        host = ENV['BARISTA_HOST'].to_s
        listener = TCPServer.new(host.empty? ? '127.0.0.1' : host, (ENV['PORT'] || '8080').to_i)
      else
        File.unlink(path) if File.exist?(path)
        listener = UNIXServer.new(path)
      end
      listener.listen(BACKLOG)
      listener
    end

    def drain
      deadline = Process.clock_gettime(Process::CLOCK_MONOTONIC) + drain_seconds
      while @lock.synchronize { @busy }.positive?
        break if Process.clock_gettime(Process::CLOCK_MONOTONIC) > deadline

        sleep 0.005
      end
    end

    UNITS = { 'ms' => 0.001, 's' => 1, 'm' => 60, 'h' => 3600, '' => 1 }.freeze

    def drain_seconds
      parts = (ENV['write_timeout'] || '30s').scan(/([\d.]+)(ms|s|m|h|)/)
      parts.empty? ? 30 : parts.sum { |digits, unit| digits.to_f * UNITS.fetch(unit) }
    end

    def connection(socket)
      loop do
        request = Wire.read(socket)
        break if request.nil?

        break unless answer(socket, request)
      end
    rescue Wire::Refused => e
      Wire.write(socket, e.status, {}, +'', keep_alive: false) rescue nil
    rescue IOError, SystemCallError
      nil # the client has left
    ensure
      socket.close
    end

    def answer(socket, request)
      @lock.synchronize { @busy += 1 }
      begin
        status, headers, body = @respond.call(request)
        Wire.write(socket, status, headers, body, keep_alive: request.keep_alive, head: request.head?)
      ensure
        @lock.synchronize { @busy -= 1 }
      end
      request.keep_alive
    end
  end
end
