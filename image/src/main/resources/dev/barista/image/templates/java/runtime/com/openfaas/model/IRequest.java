package com.openfaas.model;

import java.util.Map;

/** One request. */
public interface IRequest {

  /** The body as UTF-8 text; empty when there is none. */
  String getBody();

  /** The first value of each header. */
  Map<String, String> getHeaders();

  /** The header's first value, whatever the case of its name; null when there is none. */
  String getHeader(String key);

  /** The query as it was sent, without the question mark; empty when there is none. */
  String getQueryRaw();

  /** The query's parameters, decoded; the last of several values. */
  Map<String, String> getQuery();

  /** The path as it was sent. */
  String getPathRaw();

  /** The path's segments as keys and values by turns: {@code /user/7} is user → 7. */
  Map<String, String> getPath();
}
