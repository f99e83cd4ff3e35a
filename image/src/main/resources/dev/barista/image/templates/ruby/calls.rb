# frozen_string_literal: true

module Barista
  FAILED = "the function raised an exception: see its log\n"
  TEXT = { 'Content-Type' => 'text/plain; charset=utf-8' }.freeze

  # run(body, headers) -> body, headers, status; many calls at a time.
  class Threaded
    def initialize(handler)
      @handler = handler
    end

    def call(request)
      body, headers, status = @handler.run(request.body, request.headers)
      [(status || 200).to_i, headers || {}, body.to_s]
    rescue StandardError, ScriptError => e
      warn e.full_message(highlight: false)
      [500, TEXT, FAILED]
    end
  end

  # run(req) in a process of its own: printed text, exit and module state are the call's alone.
  class Forked
    def initialize(handler)
      @handler = handler
      @forking = Mutex.new # no child may inherit the writing end of another's pipe
    end

    def call(request)
      reader, child = @forking.synchronize { start(request) }
      output = reader.read
      _, status = Process.wait2(child)
      return [200, { 'Content-Type' => type(request) }, output] if status.success?

      reason = status.signaled? ? "signal: #{status.termsig}" : "exit status #{status.exitstatus}"
      warn "call failed: #{reason}"
      [500, TEXT, "#{reason}\n#{output}"]
    ensure
      reader&.close
    end

    private

    def start(request)
      reader, writer = IO.pipe
      child = fork { run(request, reader, writer) }
      writer.close
      [reader, child]
    end

    def run(request, reader, writer)
      Signal.trap('TERM', 'DEFAULT')
      reader.close
      log = $stderr.dup
      $stdin.reopen(File::NULL)
      $stdout.reopen(writer)
      $stderr.reopen(writer) unless ENV['combine_output'] == 'false'
      ENV.update(environment(request))
      result = @handler.run(request.body.force_encoding(Encoding::UTF_8))
      $stdout.print(result) unless result.nil?
      $stdout.flush
    rescue SystemExit => e
      $stdout.flush
      exit!(e.status)
    rescue Exception => e # rubocop:disable Lint/RescueException -- the process ends here in any case
      log.puts(e.full_message(highlight: false))
      exit!(1)
    else
      exit!(0)
    end

    def environment(request)
      return {} if ENV['cgi_headers'] == 'false'

      # Libraries that ignore case would take Http_Proxy for the proxy of the function's own calls.
      headers = request.headers.reject { |name, _| name.casecmp?('proxy') || name !~ /\A[\w-]+\z/ }
      variables = headers.to_h do |name, value|
        ["Http_#{name.split('-').map(&:capitalize).join('_')}", value]
      end
      length = request.chunked ? '-1' : request.body.bytesize.to_s
      variables.update('Http_Method' => request.verb, 'Http_Path' => request.path, 'Http_ContentLength' => length,
                       'Http_Content_Length' => length)
      variables.delete('Http_Query')
      variables['Http_Query'] = request.query if request.query
      variables.reject { |_, value| value.include?("\0") }
    end

    def type(request)
      ENV['content_type'] || request.headers['content-type'] || 'text/plain; charset=utf-8'
    end
  end
end
