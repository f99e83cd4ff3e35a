# frozen_string_literal: true

module Barista
  # HTTP/1.1 as far as the gateway speaks it.
  module Wire
    LONGEST_LINE = 64 * 1024
    MOST_HEADERS = 200
    TOKEN = /\A[!#$%&'*+\-.^_`|~0-9A-Za-z]+\z/.freeze
    REASONS = { 200 => 'OK', 201 => 'Created', 204 => 'No Content', 302 => 'Found', 304 => 'Not Modified',
                400 => 'Bad Request', 404 => 'Not Found', 413 => 'Content Too Large',
                500 => 'Internal Server Error', 501 => 'Not Implemented' }.freeze

    # A request that gets this status and no handler.
    class Refused < StandardError
      attr_reader :status

      def initialize(status)
        super("status #{status}")
        @status = status
      end
    end

    Request = Struct.new(:verb, :target, :headers, :body, :keep_alive, :chunked) do
      def head?
        verb == 'HEAD'
      end

      def path
        target.split('?', 2).first
      end

      def query
        target.split('?', 2)[1]
      end
    end

    module_function

    # The next request; nil when the client has left.
    def read(socket)
      first = line(socket)
      return nil if first.nil?

      verb, target, version, rest = first.split(' ', 4)
      raise Refused, 400 unless rest.nil? && version.to_s.match?(%r{\AHTTP/1\.[01]\z}) && verb.match?(TOKEN)

      headers, lengths, codings = head(socket)
      raise Refused, 400 if lengths.uniq.size > 1 || (!lengths.empty? && !codings.empty?)
      raise Refused, 501 unless codings.empty? || codings == ['chunked']

      socket.write("HTTP/1.1 100 Continue\r\n\r\n") if headers['expect'].to_s.downcase == '100-continue'
      body = codings.empty? ? exactly(socket, length(lengths.first || '0')) : chunks(socket)
      Request.new(verb, target, headers, body, keeps?(version, headers['connection']), !codings.empty?)
    end

    def head(socket)
      headers = {}
      lengths = []
      codings = []
      MOST_HEADERS.times do
        text = line(socket) or raise Refused, 400
        return headers, lengths, codings if text.empty?

        name, value = text.split(':', 2)
        raise Refused, 400 if value.nil? || !name.match?(TOKEN)

        name = name.downcase
        value = value.strip
        lengths << value if name == 'content-length'
        codings << value.downcase if name == 'transfer-encoding'
        headers[name] ||= value
      end
      raise Refused, 431
    end

    def keeps?(version, connection)
      options = connection.to_s.downcase.split(',').map(&:strip)
      version == 'HTTP/1.1' ? !options.include?('close') : options.include?('keep-alive')
    end

    def length(text)
      raise Refused, 400 unless text.match?(/\A\d{1,15}\z/)

      text.to_i
    end

    def exactly(socket, size)
      return String.new if size.zero?

      body = socket.read(size)
      raise Refused, 400 if body.nil? || body.bytesize < size

      body
    end

    def chunks(socket)
      body = String.new
      loop do
        digits = line(socket).to_s.split(';').first.to_s.strip
        raise Refused, 400 unless digits.match?(/\A\h{1,15}\z/)

        size = digits.to_i(16)
        break if size.zero?

        body << exactly(socket, size)
        raise Refused, 400 unless line(socket) == ''
      end
      nil until (line(socket) or raise Refused, 400).empty?
      body
    end

    def line(socket)
      text = socket.gets("\n", LONGEST_LINE)
      return nil if text.nil?
      raise Refused, 400 unless text.end_with?("\r\n")

      text.chomp("\r\n").force_encoding(Encoding::BINARY)
    end

    def write(socket, status, headers, body, keep_alive:, head: false)
      lines = ["HTTP/1.1 #{status} #{REASONS.fetch(status, 'Status')}"]
      headers.each do |name, value|
        next if %w[connection content-length transfer-encoding].include?(name.to_s.downcase)
        raise ArgumentError, "header #{name}" if !name.to_s.match?(TOKEN) || value.to_s.match?(/[\r\n\0]/)

        lines << "#{name}: #{value}"
      end
      bodiless = status < 200 || status == 204 || status == 304
      lines << "Content-Length: #{body.bytesize}" unless bodiless
      lines << 'Connection: close' unless keep_alive
      answer = "#{lines.join("\r\n")}\r\n\r\n".b
      answer << body.b unless bodiless || head
      socket.write(answer)
    end
  end
end
