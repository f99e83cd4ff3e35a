package com.openfaas.function;

/** The head of every answer. */
final class Banner {

  static final String TEXT =
      String.join(
          "\n",
          "______                                      _          ",
          "| ___ \\                                    (_)         ",
          "| |_/ / __ _ ______ _  __ _ _ ____   _____  _  ___ ___ ",
          "| ___ \\/ _` |_  / _` |/ _` | '__\\ \\ / / _ \\| |/ __/ _ \\",
          "| |_/ / (_| |/ / (_| | (_| | |   \\ V / (_) | | (_|  __/",
          "\\____/ \\__,_/___\\__,_|\\__,_|_|    \\_/ \\___/|_|\\___\\___|");

  private Banner() {}
}
