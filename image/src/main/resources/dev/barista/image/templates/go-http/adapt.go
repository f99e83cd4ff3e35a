package main

import (
	"io"
	"log"
	"net/http"

	sdk "handler/sdk"
)

func init() {
	adapters = append(adapters, func(handle any) http.Handler {
		if h, ok := handle.(func(sdk.Request) (sdk.Response, error)); ok {
			return whole(h)
		}
		return nil
	})
}

func whole(handle func(sdk.Request) (sdk.Response, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(w, "can't read the body", http.StatusBadRequest)
			return
		}
		request := sdk.Request{
			Body:        body,
			Header:      r.Header,
			Method:      r.Method,
			QueryString: r.URL.RawQuery,
			Host:        r.Host,
		}
		request.WithContext(r.Context())
		response, err := handle(request)
		for name, values := range response.Header {
			w.Header()[name] = values
		}
		if err != nil {
			log.Print(err)
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		if response.StatusCode == 0 {
			response.StatusCode = http.StatusOK
		}
		w.WriteHeader(response.StatusCode)
		_, _ = w.Write(response.Body)
	})
}
