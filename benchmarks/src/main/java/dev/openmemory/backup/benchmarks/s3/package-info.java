/** The S3 target against other programs. */
@NullMarked
package dev.openmemory.backup.benchmarks.s3;

import org.jspecify.annotations.NullMarked;
