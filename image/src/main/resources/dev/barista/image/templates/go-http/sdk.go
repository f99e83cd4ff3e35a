// Package handler has the types of handlers that get a whole request and return a whole response.
package handler

import (
	"context"
	"net/http"
)

// Request is one call.
type Request struct {
	Body        []byte
	Header      http.Header
	QueryString string
	Method      string
	Host        string
	ctx         context.Context
}

// Context ends when the caller leaves.
func (r *Request) Context() context.Context {
	if r.ctx == nil {
		return context.Background()
	}
	return r.ctx
}

// WithContext sets the request's context.
func (r *Request) WithContext(ctx context.Context) {
	if ctx == nil {
		panic("a request's context can't be nil")
	}
	r.ctx = ctx
}

// Response is what the caller gets. No StatusCode means 200.
type Response struct {
	Body       []byte
	StatusCode int
	Header     http.Header
}

// FunctionHandler answers calls.
type FunctionHandler interface {
	Handle(req Request) (Response, error)
}
