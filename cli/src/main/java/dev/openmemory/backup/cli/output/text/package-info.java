/** Output for people. */
@NullMarked
package dev.openmemory.backup.cli.output.text;

import org.jspecify.annotations.NullMarked;
