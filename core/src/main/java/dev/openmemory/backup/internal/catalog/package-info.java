/** The backups of a target: listed, read, verified, proven, removed. */
@NullMarked
package dev.openmemory.backup.internal.catalog;

import org.jspecify.annotations.NullMarked;
