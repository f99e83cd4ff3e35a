// The least that a forking watchdog in Go can do: what benchmarks/classic-watchdog.sh compares with
// when no OpenFaaS watchdog is on the PATH. Standard library only.
package main

import (
	"bytes"
	"io"
	"log"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"time"
)

func main() {
	command := strings.Split(os.Getenv("fprocess"), " ")
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		body, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		child := exec.Command(command[0], command[1:]...)
		child.Env = os.Environ()
		for name, values := range r.Header {
			child.Env = append(child.Env, "Http_"+strings.ReplaceAll(name, "-", "_")+"="+values[0])
		}
		child.Env = append(child.Env, "Http_Method="+r.Method, "Http_Path="+r.URL.Path)
		child.Stdin = bytes.NewReader(body)
		log.Println("Forking fprocess.")
		output, err := child.CombinedOutput()
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		log.Printf("Wrote %d Bytes - Duration: %fs", len(output), time.Since(start).Seconds())
		if _, err := w.Write(output); err != nil {
			log.Println(err)
		}
	})
	log.Fatal(http.ListenAndServe("127.0.0.1:"+os.Getenv("port"), nil))
}
