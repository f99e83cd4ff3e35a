/** OpenFaaS's scaling by an alert: the rule, its states and the steps it takes. */
@NullMarked
package dev.barista.autoscaler.alert;

import org.jspecify.annotations.NullMarked;
