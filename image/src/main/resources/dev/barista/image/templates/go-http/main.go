// Serves the handler over HTTP, on the socket of BARISTA_SOCKET or on PORT.
package main

import (
	"context"
	"errors"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"

	function "handler/function"
)

// Of handlers with other signatures; registered by a file that is there only when it is needed.
var adapters []func(handle any) http.Handler

func main() {
	listener, err := listen()
	if err != nil {
		log.Fatal(err)
	}
	server := &http.Server{Handler: handler()}
	drained := make(chan struct{})
	go func() {
		defer close(drained)
		terminate := make(chan os.Signal, 1)
		signal.Notify(terminate, syscall.SIGTERM)
		<-terminate
		ctx, cancel := context.WithTimeout(context.Background(), drainTime())
		defer cancel()
		_ = server.Shutdown(ctx)
	}()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		log.Fatal(err)
	}
	<-drained
}

func listen() (net.Listener, error) {
	if path := os.Getenv("BARISTA_SOCKET"); path != "" {
		_ = os.Remove(path)
		return net.Listen("unix", path)
	}
	host, port := os.Getenv("BARISTA_HOST"), os.Getenv("PORT")
	if host == "" {
		host = "127.0.0.1"
	}
	if port == "" {
		port = "8080"
	}
	return net.Listen("tcp", net.JoinHostPort(host, port))
}

func handler() http.Handler {
	var handle any = function.Handle
	if h, ok := handle.(func(http.ResponseWriter, *http.Request)); ok {
		return http.HandlerFunc(h)
	}
	for _, adapter := range adapters {
		if h := adapter(handle); h != nil {
			return h
		}
	}
	log.Fatalf("Handle is a %T (expected: func(http.ResponseWriter, *http.Request))", handle)
	return nil
}

// Running calls may take write_timeout to finish.
func drainTime() time.Duration {
	text := os.Getenv("write_timeout")
	if seconds, err := strconv.Atoi(text); err == nil {
		return time.Duration(seconds) * time.Second
	}
	if duration, err := time.ParseDuration(text); err == nil {
		return duration
	}
	return 30 * time.Second
}
