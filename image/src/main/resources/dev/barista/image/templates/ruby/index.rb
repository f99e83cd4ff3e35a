# frozen_string_literal: true

# Serves the handler over HTTP/1.1. run(req) gets a process for each call, and what it prints and
# returns is the answer; run(body, headers) gets a thread of this one.

root = File.expand_path(__dir__)
Dir.glob("#{root}/gems/ruby/*/gems/*/lib").sort.each { |folder| $LOAD_PATH << folder }
Dir.glob("#{root}/gems/ruby/*/extensions/*/*/*").sort.each { |folder| $LOAD_PATH << folder }

require_relative 'barista/server'
require_relative 'barista/calls'

$stdout.sync = true
$stderr.sync = true

begin
  require_relative 'function/handler'
rescue LoadError => e
  warn "#{e.message}: name it in the Gemfile and build again"
  exit 1
end

handler = Handler.new
parameters = handler.method(:run).arity
respond = parameters.abs >= 2 && parameters != -1 ? Barista::Threaded.new(handler) : Barista::Forked.new(handler)
Barista::Server.new(respond).run
