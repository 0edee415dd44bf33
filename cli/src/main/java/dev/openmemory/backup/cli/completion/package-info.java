/** Scripts with which shells complete the command line. */
@NullMarked
package dev.openmemory.backup.cli.completion;

import org.jspecify.annotations.NullMarked;
