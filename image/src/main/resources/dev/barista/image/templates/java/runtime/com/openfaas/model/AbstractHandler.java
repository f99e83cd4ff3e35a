package com.openfaas.model;

/** Base of every handler. */
public abstract class AbstractHandler implements IHandler {}
