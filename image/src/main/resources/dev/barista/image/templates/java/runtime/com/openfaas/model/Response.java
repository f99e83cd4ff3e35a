package com.openfaas.model;

import java.util.HashMap;
import java.util.Map;

/** An answer to fill in: status 200, no body. */
public class Response implements IResponse {

  private final Map<String, String> headers = new HashMap<>();
  private int statusCode = 200;
  private String body = "";
  private String contentType = "";

  @Override
  public String getBody() {
    return body;
  }

  @Override
  public void setBody(String body) {
    this.body = body;
  }

  @Override
  public String getHeader(String key) {
    return headers.get(key);
  }

  @Override
  public void setHeader(String key, String value) {
    headers.put(key, value);
  }

  @Override
  public Map<String, String> getHeaders() {
    return headers;
  }

  @Override
  public String getContentType() {
    return contentType;
  }

  @Override
  public void setContentType(String contentType) {
    this.contentType = contentType;
  }

  @Override
  public int getStatusCode() {
    return statusCode;
  }

  @Override
  public void setStatusCode(int statusCode) {
    this.statusCode = statusCode;
  }
}
