/** Snapshots of all collections, made and taken back by a running Qdrant. */
@NullMarked
package dev.openmemory.backup.source.snapshot;

import org.jspecify.annotations.NullMarked;
