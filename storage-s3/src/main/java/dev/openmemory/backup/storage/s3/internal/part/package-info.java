/** Divides a stream into the parts of an upload. */
@NullMarked
package dev.openmemory.backup.storage.s3.internal.part;

import org.jspecify.annotations.NullMarked;
