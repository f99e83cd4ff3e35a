from _barista import serve_flask

serve_flask.main()
