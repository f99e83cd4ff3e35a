package com.openfaas.model;

/** What a function is: an answer for each request. Called by several threads at once. */
public interface IHandler {

  IResponse Handle(IRequest request);
}
