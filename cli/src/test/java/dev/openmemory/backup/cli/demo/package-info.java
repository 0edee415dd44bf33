/** The demonstration proves what it says. */
@NullMarked
package dev.openmemory.backup.cli.demo;

import org.jspecify.annotations.NullMarked;
