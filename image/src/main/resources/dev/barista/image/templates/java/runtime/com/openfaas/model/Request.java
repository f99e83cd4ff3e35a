package com.openfaas.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** A request that was received. */
public class Request implements IRequest {

  private final String body;
  private final Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private final String queryRaw;
  private final String pathRaw;

  public Request(String body, Map<String, String> headers) {
    this(body, headers, "", "");
  }

  public Request(String body, Map<String, String> headers, String queryRaw, String pathRaw) {
    this.body = body;
    this.headers.putAll(headers);
    this.queryRaw = queryRaw == null ? "" : queryRaw;
    this.pathRaw = pathRaw;
  }

  @Override
  public String getBody() {
    return body;
  }

  @Override
  public Map<String, String> getHeaders() {
    return headers;
  }

  @Override
  public String getHeader(String key) {
    return headers.get(key);
  }

  @Override
  public String getQueryRaw() {
    return queryRaw;
  }

  @Override
  public Map<String, String> getQuery() {
    Map<String, String> query = new LinkedHashMap<>();
    for (String pair : queryRaw.split("&")) {
      int equals = pair.indexOf('=');
      String key = equals < 0 ? pair : pair.substring(0, equals);
      if (!key.isEmpty()) {
        query.put(decoded(key), equals < 0 ? "" : decoded(pair.substring(equals + 1)));
      }
    }
    return query;
  }

  @Override
  public String getPathRaw() {
    return pathRaw;
  }

  @Override
  public Map<String, String> getPath() {
    Map<String, String> path = new LinkedHashMap<>();
    String[] segments = pathRaw.replaceFirst("^/", "").split("/");
    for (int i = 0; i < segments.length; i += 2) {
      if (!segments[i].isEmpty()) {
        path.put(segments[i], i + 1 < segments.length ? segments[i + 1] : "");
      }
    }
    return path;
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, UTF_8);
    } catch (IllegalArgumentException e) {
      return text; // a stray percent sign stays as it is
    }
  }
}
