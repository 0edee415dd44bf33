/** Texts that have other programs run a backup regularly: quoted as each of them reads it. */
@NullMarked
package dev.openmemory.backup.cli.schedule;

import org.jspecify.annotations.NullMarked;
