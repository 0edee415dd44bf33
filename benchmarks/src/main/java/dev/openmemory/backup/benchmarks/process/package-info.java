/** Other programs, their input, output and memory. */
@NullMarked
package dev.openmemory.backup.benchmarks.process;

import org.jspecify.annotations.NullMarked;
