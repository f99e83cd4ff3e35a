// The function of the streaming benchmark: sends as many megabytes as it is asked for, and swallows
// what it is sent.
package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
)

func main() {
	listener, err := net.Listen("tcp", "127.0.0.1:"+os.Getenv("PORT"))
	if err != nil {
		panic(err)
	}
	block := make([]byte, 1<<20)
	panic(http.Serve(listener, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		count, _ := io.Copy(io.Discard, r.Body)
		if r.Method == "POST" {
			fmt.Fprintln(w, count)
			return
		}
		megabytes, _ := strconv.Atoi(r.URL.Query().Get("megabytes"))
		w.Header().Set("Content-Length", strconv.Itoa(megabytes<<20))
		for i := 0; i < megabytes; i++ {
			if _, err := w.Write(block); err != nil {
				return
			}
		}
	})))
}
