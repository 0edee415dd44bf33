/** Measures and prints. */
@NullMarked
package dev.openmemory.backup.benchmarks.report;

import org.jspecify.annotations.NullMarked;
