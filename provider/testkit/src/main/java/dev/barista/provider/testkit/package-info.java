/**
 * What every provider has to pass ({@link dev.barista.provider.testkit.FunctionProviderContract}),
 * and working doubles for the tests of those who use a provider.
 */
@NullMarked
package dev.barista.provider.testkit;

import org.jspecify.annotations.NullMarked;
