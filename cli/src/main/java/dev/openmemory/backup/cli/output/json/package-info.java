/** Output for programs. */
@NullMarked
package dev.openmemory.backup.cli.output.json;

import org.jspecify.annotations.NullMarked;
