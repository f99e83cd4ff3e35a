// Clients for the scaling benchmarks.
//
//	load -c 50 -d 10s -replicas 45 URL     50 connections for 10 s, each call after call; tells when
//	                                       the 45th different answer came
//	load -once URL...                      one call to each URL, all at once
//
// Prints: calls, failures, p50 and p95 in ms, different answers, seconds until the wanted number.
package main

import (
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"sort"
	"sync"
	"time"
)

type result struct {
	failures int
	millis   []float64
	names    map[string]bool
	reached  float64
	lock     sync.Mutex
}

func (r *result) add(start, begin time.Time, status int, name string, wanted int) {
	now := time.Now()
	r.lock.Lock()
	defer r.lock.Unlock()
	r.millis = append(r.millis, now.Sub(begin).Seconds()*1000)
	if status != 200 {
		r.failures++
		return
	}
	r.names[name] = true
	if r.reached == 0 && wanted > 0 && len(r.names) >= wanted {
		r.reached = now.Sub(start).Seconds()
	}
}

func call(client *http.Client, url string) (int, string) {
	response, err := client.Get(url)
	if err != nil {
		return 0, ""
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return 0, ""
	}
	return response.StatusCode, string(body)
}

func main() {
	connections := flag.Int("c", 50, "connections")
	duration := flag.Duration("d", 10*time.Second, "duration")
	replicas := flag.Int("replicas", 0, "different answers to wait for")
	once := flag.Bool("once", false, "one call to each URL")
	flag.Parse()
	urls := flag.Args()
	if len(urls) == 0 {
		fmt.Fprintln(os.Stderr, "load: no URL")
		os.Exit(2)
	}
	transport := &http.Transport{MaxIdleConnsPerHost: 1000}
	client := &http.Client{Transport: transport, Timeout: 70 * time.Second}
	r := &result{names: map[string]bool{}}
	start := time.Now()
	var group sync.WaitGroup
	if *once {
		for _, url := range urls {
			group.Add(1)
			go func() {
				defer group.Done()
				begin := time.Now()
				status, name := call(client, url)
				r.add(start, begin, status, name, *replicas)
			}()
		}
	} else {
		for i := 0; i < *connections; i++ {
			group.Add(1)
			go func() {
				defer group.Done()
				for time.Since(start) < *duration {
					begin := time.Now()
					status, name := call(client, urls[0])
					r.add(start, begin, status, name, *replicas)
				}
			}()
		}
	}
	group.Wait()
	sort.Float64s(r.millis)
	fmt.Printf("calls %d failures %d p50 %.1f p95 %.1f answers %d reached %.2f\n",
		len(r.millis), r.failures, r.millis[len(r.millis)/2], r.millis[len(r.millis)*95/100], len(r.names), r.reached)
}
