class Handler
  # Answers one call.
  def run(req)
    "Hello from Ruby. You said: #{req}"
  end
end
