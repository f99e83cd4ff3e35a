package function

// Handle answers one call.
func Handle(req []byte) string {
	return "Hello, Go. You said: " + string(req)
}
