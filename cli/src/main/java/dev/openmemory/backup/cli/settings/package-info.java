/** Options, environment and settings file, and what a command works with. */
@NullMarked
package dev.openmemory.backup.cli.settings;

import org.jspecify.annotations.NullMarked;
