from _barista import classic

classic.main()
