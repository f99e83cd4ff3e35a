from _barista import serve_http

serve_http.main()
