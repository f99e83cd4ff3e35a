// The function of the gateway's benchmark: answers with the body it gets. It listens where a
// platform tells it to (BARISTA_SOCKET, else PORT), as any server that is a function.
package main

import (
	"io"
	"net"
	"net/http"
	"os"
)

func main() {
	network, address := "unix", os.Getenv("BARISTA_SOCKET")
	if address == "" {
		network, address = "tcp", "127.0.0.1:"+os.Getenv("PORT")
	}
	listener, err := net.Listen(network, address)
	if err != nil {
		panic(err)
	}
	panic(http.Serve(listener, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("Content-Type", "text/plain")
		w.Write(body)
	})))
}
