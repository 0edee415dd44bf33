/** The SFTP target against other programs. */
@NullMarked
package dev.openmemory.backup.benchmarks.sftp;

import org.jspecify.annotations.NullMarked;
