/** The options of the target, and what they mean for requests. */
@NullMarked
package dev.openmemory.backup.storage.s3.internal.settings;

import org.jspecify.annotations.NullMarked;
