/** The {@code demo} command: a backup and a restore on made-up data, proved row by row. */
@NullMarked
package dev.openmemory.backup.cli.demo;

import org.jspecify.annotations.NullMarked;
