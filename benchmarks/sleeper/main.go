// A function's server that sleeps 100 ms and answers with a name of its own, so that a client can
// tell its replicas apart. Listens as the platform tells: on a socket or a port.
package main

import (
	"crypto/rand"
	"encoding/hex"
	"net"
	"net/http"
	"os"
	"time"
)

func main() {
	name := make([]byte, 8)
	rand.Read(name)
	answer := []byte(hex.EncodeToString(name))
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(100 * time.Millisecond)
		w.Write(answer)
	})
	var listener net.Listener
	var err error
	if socket := os.Getenv("BARISTA_SOCKET"); socket != "" {
		listener, err = net.Listen("unix", socket)
	} else {
		listener, err = net.Listen("tcp", ":"+os.Getenv("PORT"))
	}
	if err != nil {
		panic(err)
	}
	panic(http.Serve(listener, handler))
}
