/** The JSON documents that are stored: manifest, markers, records. */
@NullMarked
package dev.openmemory.backup.internal.json;

import org.jspecify.annotations.NullMarked;
