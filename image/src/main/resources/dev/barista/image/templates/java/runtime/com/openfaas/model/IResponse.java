package com.openfaas.model;

import java.util.Map;

/** An answer. */
public interface IResponse {

  String getBody();

  void setBody(String body);

  String getHeader(String key);

  void setHeader(String key, String value);

  Map<String, String> getHeaders();

  String getContentType();

  void setContentType(String contentType);

  int getStatusCode();

  void setStatusCode(int statusCode);
}
