/** Measurements. Each prints ratios of things measured in one run, because machines differ. */
@NullMarked
package dev.openmemory.backup.benchmarks;

import org.jspecify.annotations.NullMarked;
